// SPDX-License-Identifier: Apache-2.0
// Files dropped or chosen go up one request each, two at a time, each with its own progress; without this script the
// form sends them all at once. What is refused is told beside the file, and keeps none of the others out.
const form = document.getElementById("upload");
const drop = document.getElementById("drop");
const inputs = [document.getElementById("files"), document.getElementById("whole-folder")];
const list = document.getElementById("uploads");
const summary = document.getElementById("upload-summary");
const waiting = [];
const count = { total: 0, done: 0, refused: 0, running: 0 };
const atOnce = 2;

// Files bear the path that they have in the folder they came with, so that files of the same name stay apart.
function enqueue(files) {
  list.hidden = false;
  for (const { file, path } of files) {
    const line = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = path;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", path);
    const words = document.createElement("span");
    words.className = "words";
    words.textContent = form.dataset.waiting;
    line.append(name, bar, words);
    list.append(line);
    count.total += 1;
    const job = { file, path, line, bar, words, fields: new FormData(form) };
    if (file.size > Number(form.dataset.mostBytes)) finish(job, true, form.dataset.tooLarge);
    else waiting.push(job);
  }
  for (const input of inputs) input.value = "";
  next();
}

function next() {
  while (count.running < atOnce && waiting.length) {
    count.running += 1;
    send(waiting.shift());
  }
}

function send(job) {
  const request = new XMLHttpRequest();
  job.fields.delete("files");
  job.fields.append("files", job.file, job.path);
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-CSRFToken", document.body.dataset.csrf ?? "");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const part = event.loaded / event.total;
    job.bar.value = part;
    job.words.textContent = part < 1 ? `${form.dataset.sending} ${Math.round(part * 100)} %` : form.dataset.checking;
  });
  request.addEventListener("loadend", () => {
    count.running -= 1;
    const said = answer(request);
    finish(job, said.refused, said.words, said.files);
    next();
  });
  request.send(job.fields);
}

function answer(request) {
  try {
    const said = JSON.parse(request.responseText);
    const sentences = [...(said.files ?? []).map((each) => each.words), ...Object.values(said.errors ?? {}), ...(said.refused ?? [])];
    return { refused: request.status !== 200, words: sentences.join(" "), files: said.files ?? [] };
  } catch {
    return { refused: true, words: form.dataset.lost };
  }
}

function finish(job, refused, words, files = []) {
  job.bar.value = refused ? 0 : 1;
  job.line.className = refused ? "refused" : "kept";
  job.words.textContent = words;
  for (const each of files.filter((told) => told.url)) {
    const link = document.createElement("a");
    link.href = each.url;
    link.textContent = each.link;
    job.words.append(" ", link);
  }
  count.done += 1;
  if (refused) count.refused += 1;
  summary.textContent = form.dataset.summary
    .replace("{done}", count.done).replace("{total}", count.total).replace("{refused}", count.refused);
  if (count.done === count.total) {
    htmx.ajax("GET", location.pathname + location.search, { target: "#evidence-list", select: "#evidence-list", swap: "outerHTML" });
  }
}

function chosen(files) {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

async function inside(entry) {
  if (entry.isFile) {
    const file = await new Promise((found, failed) => entry.file(found, failed));
    return [{ file, path: entry.fullPath.replace(/^\//, "") || file.name }];
  }
  const reader = entry.createReader();
  const every = [];
  for (;;) {
    const some = await new Promise((found, failed) => reader.readEntries(found, failed));
    if (!some.length) break; // a reader gives a hundred at a time
    every.push(...some);
  }
  return (await Promise.all(every.map(inside))).flat();
}

function dropped(carried) {
  const entries = [...carried.items].map((each) => each.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((each) => each.isDirectory)) return Promise.resolve(chosen(carried.files));
  return Promise.all(entries.map(inside)).then((found) => found.flat());
}

function carriesFiles(event) {
  return event.dataTransfer?.types.includes("Files");
}

form.addEventListener("submit", (event) => {
  const files = inputs.flatMap((input) => chosen(input.files));
  if (!files.length) return; // the server says what is missing
  event.preventDefault();
  enqueue(files);
});
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  dropped(event.dataTransfer).then(enqueue);
});
addEventListener("beforeunload", (event) => {
  if (count.running) event.preventDefault();
});
