// SPDX-License-Identifier: Apache-2.0
// A finding is first kept on the device (IndexedDB), with its pictures and an id of its own, then sent; what could not
// be sent waits here, also after a reload, and is sent when the connection is back. The server knows each id once.
const form = document.getElementById("finding-form");
const state = document.getElementById("offline-state");
const list = document.getElementById("waiting");
const words = form.dataset;

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("gradus-visit", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("findings", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function stored(mode, act) {
  const database = await opened();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("findings", mode);
    const request = act(transaction.objectStore("findings"));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Those of this case that this person wrote, the oldest first. */
async function waiting() {
  const every = await stored("readonly", (store) => store.getAll());
  const own = every.filter((each) => each.account === words.account && each.case === words.case);
  return own.sort((one, other) => one.written_at.localeCompare(other.written_at));
}

async function show() {
  const items = await waiting();
  list.replaceChildren(
    ...items.map((each) => {
      const item = document.createElement("li");
      item.dataset.id = each.id;
      item.append(`${each.text} — ${(each.refused ?? [words.kept]).join(" ")} `);
      if (each.refused) {
        const mend = document.createElement("button");
        mend.type = "button";
        mend.className = "btn btn-sm";
        mend.textContent = words.mend;
        mend.addEventListener("click", async () => {
          if (form.elements.text.value.trim()) return form.elements.text.focus(); // another is being written
          for (const name of ["grade", "rule", "text"]) form.elements[name].value = each[name];
          await stored("readwrite", (store) => store.delete(each.id));
          await show();
          form.elements.text.focus();
        });
        item.append(mend, " ");
        const discard = document.createElement("button");
        discard.type = "button";
        discard.className = "btn btn-sm";
        discard.textContent = words.discard;
        discard.addEventListener("click", async () => {
          await stored("readwrite", (store) => store.delete(each.id));
          await show();
        });
        item.append(discard);
      }
      return item;
    }),
  );
}

/** Send one; true when it is settled, false when there is no connection. */
async function send(each) {
  const body = new FormData();
  for (const name of ["id", "grade", "rule", "text", "written_at"]) body.append(name, each[name]);
  for (const photo of each.photos) body.append("photos", photo.content, photo.name);
  const headers = { "X-CSRFToken": document.body.dataset.csrf ?? "", Accept: "application/json" };
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body, headers, credentials: "same-origin" });
  } catch {
    return false;
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.ok && told.saved) {
    await stored("readwrite", (store) => store.delete(each.id));
    state.textContent = words.sent;
  } else if (answer.status === 422) {
    await stored("readwrite", (store) => store.put({ ...each, refused: told.refused ?? [words.short] }));
  } else {
    state.textContent = words.again;
    return false;
  }
  return true;
}

/** One page at a time sends; whatever comes twice all the same is known by its id. */
async function sendAll() {
  const run = async () => {
    for (const each of await waiting()) if (!each.refused && !(await send(each))) break;
    await show();
  };
  await (navigator.locks ? navigator.locks.request("gradus-visit", run) : run());
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = new FormData(form);
  if (!given.get("rule") || given.get("text").trim().length < 5) {
    state.textContent = words.short;
    return;
  }
  const photos = given.getAll("photos").filter((each) => each.size);
  const kept = await Promise.all(
    photos.map(async (each) => ({ name: each.name, content: new Blob([await each.arrayBuffer()], { type: each.type }) })),
  );
  const id = crypto.randomUUID ? crypto.randomUUID() : given.get("id");
  const fields = { grade: given.get("grade"), rule: given.get("rule"), text: given.get("text") };
  const written = { written_at: new Date().toISOString(), photos: kept };
  await stored("readwrite", (store) => store.add({ id, account: words.account, case: words.case, ...fields, ...written }));
  form.reset();
  state.textContent = "";
  await show();
  await sendAll();
});

async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener("message", () => {
    if (!state.textContent) state.textContent = words.ready;
  });
  await navigator.serviceWorker.register(words.worker);
  const ready = await navigator.serviceWorker.ready;
  const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")];
  ready.active.postMessage({ keep: [location.href, ...parts.map((each) => each.href || each.src)] });
}

window.addEventListener("online", sendAll);
setInterval(() => navigator.onLine && list.children.length && sendAll(), 15000);
show().then(sendAll);
if (navigator.onLine) keepPage();
