// SPDX-License-Identifier: Apache-2.0
// Findings that wait on this device (IndexedDB), with their pictures and an id of their own: every page of somebody who
// evaluates shows them and sends them when there is a connection. The server knows each id once; what it refuses stays
// here, to be mended or copied, until its writer discards it. The names below are used by finding.js, which comes after.
const here = document.getElementById("waiting-here");
const state = document.getElementById("offline-state");
const list = document.getElementById("waiting");
const words = here.dataset;

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

/** Those that this person wrote, the oldest first. */
async function waiting() {
  const every = await stored("readonly", (store) => store.getAll());
  const own = every.filter((each) => each.account === words.account);
  return own.sort((one, other) => one.written_at.localeCompare(other.written_at));
}

async function dropped(each) {
  await stored("readwrite", (store) => store.delete(each.id));
  await show();
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

/** To the clipboard; where the browser has none for us, selected for the keys or the finger. */
async function copied(text, shown) {
  getSelection().selectAllChildren(shown);
  await navigator.clipboard?.writeText(text).then(() => (state.textContent = words.copied), () => undefined);
}

/** Its form takes a refused finding back; every other page leads there. */
function mending(each) {
  if (typeof takeBack === "function" && words.case === each.case) return button(words.mend, () => takeBack(each));
  const made = document.createElement("a");
  made.className = "btn btn-sm";
  made.href = each.to;
  made.textContent = words.mend;
  return made;
}

async function show() {
  const items = await waiting();
  here.hidden = !items.length && !state.textContent;
  list.replaceChildren(
    ...items.map((each) => {
      const item = document.createElement("li");
      const text = document.createElement("span");
      item.className = "said warning";
      item.dataset.id = each.id;
      text.textContent = each.text;
      item.append(`${each.number} · `, text, ` — ${(each.refused ?? [words.kept]).join(" ")} `);
      if (each.refused) {
        const discard = button(words.discard, () => dropped(each));
        item.append(mending(each), " ", button(words.copy, () => copied(each.text, text)), " ", discard);
      }
      return item;
    }),
  );
}

function tell(said) {
  state.textContent = said;
  here.hidden = !said && !list.children.length;
}

/** Send one; true when it is settled, false when there is no connection. */
async function send(each) {
  const body = new FormData();
  for (const name of ["id", "grade", "rule", "text", "written_at"]) body.append(name, each[name]);
  for (const photo of each.photos) body.append("photos", photo.content, photo.name);
  const headers = { "X-CSRFToken": document.body.dataset.csrf ?? "", Accept: "application/json" };
  let answer;
  try {
    answer = await fetch(each.to, { method: "POST", body, headers, credentials: "same-origin" });
  } catch {
    return false;
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.ok && told.saved) {
    await stored("readwrite", (store) => store.delete(each.id));
    tell(words.sent);
  } else if (answer.status === 422) {
    await stored("readwrite", (store) => store.put({ ...each, refused: told.refused ?? [words.unfit] }));
  } else {
    tell(words.again);
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

/** The visit and the form of a finding open without a connection; signing out takes them from the device. */
async function keepPages() {
  if (!("serviceWorker" in navigator) || !words.keep) return;
  navigator.serviceWorker.addEventListener("message", () => {
    if (!state.textContent) tell(words.ready);
  });
  await navigator.serviceWorker.register(words.worker);
  const ready = await navigator.serviceWorker.ready;
  const parts = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")];
  const pages = [location.href, ...words.keep.split(" ")];
  ready.active.postMessage({ keep: [...new Set([...pages, ...parts.map((each) => each.href || each.src)])] });
}

/** Without a connection only a finding is written; a visit is not finished while one of its findings waits here. */
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const hold = (said) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      tell(said);
      here.scrollIntoView();
    };
    const left = [...list.children].length;
    if (!form.matches("#finding-form") && !navigator.onLine) hold(words.offline);
    else if (form.elements.act?.value === "finish" && left) hold(words.first);
    else if (form.getAttribute("action") === words.out) globalThis.caches?.delete("gradus-visit");
  },
  true,
);

window.addEventListener("offline", () => tell(words.offline));
window.addEventListener("online", () => {
  if (state.textContent === words.offline) tell("");
  sendAll();
});
setInterval(() => navigator.onLine && list.children.length && sendAll(), 15000);
if (!navigator.onLine) tell(words.offline);
show().then(sendAll);
if (navigator.onLine) keepPages();
