// SPDX-License-Identifier: Apache-2.0
// A finding is first kept on the device, then sent; waiting.js, which comes before, does both.
const form = document.getElementById("finding-form");

/** A refused finding is put back into the form, unless another is being written. */
async function takeBack(each) {
  if (form.elements.text.value.trim()) return form.elements.text.focus();
  for (const name of ["grade", "rule", "text"]) form.elements[name].value = each[name];
  await dropped(each);
  form.elements.text.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = new FormData(form);
  if (!given.get("rule")) return tell(words.choose);
  if (given.get("text").trim().length < 5) return tell(words.short);
  const photos = given.getAll("photos").filter((each) => each.size);
  const kept = await Promise.all(
    photos.map(async (each) => ({ name: each.name, content: new Blob([await each.arrayBuffer()], { type: each.type }) })),
  );
  const id = crypto.randomUUID ? crypto.randomUUID() : given.get("id");
  const fields = { grade: given.get("grade"), rule: given.get("rule"), text: given.get("text") };
  const written = { written_at: new Date().toISOString(), photos: kept };
  const whose = { account: words.account, case: words.case, number: words.number, to: form.dataset.to };
  await stored("readwrite", (store) => store.add({ id, ...whose, ...fields, ...written }));
  form.reset();
  tell(navigator.onLine ? "" : words.offline);
  await show();
  await sendAll();
});
