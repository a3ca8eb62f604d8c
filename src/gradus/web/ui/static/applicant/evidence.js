// SPDX-License-Identifier: Apache-2.0
// Files dropped or chosen go up one request each, two at a time, each with its own progress; without this script the
// form sends them all at once. What is refused is told beside the file, and keeps none of the others out.
const form = document.getElementById("upload");
const drop = document.getElementById("drop");
const input = document.getElementById("files");
const list = document.getElementById("uploads");
const summary = document.getElementById("upload-summary");
const waiting = [];
const count = { total: 0, done: 0, refused: 0, running: 0 };
const atOnce = 2;

function enqueue(files) {
  list.hidden = false;
  for (const file of files) {
    const line = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const words = document.createElement("span");
    words.className = "words";
    words.textContent = form.dataset.waiting;
    line.append(name, bar, words);
    list.append(line);
    count.total += 1;
    const job = { file, line, bar, words, fields: new FormData(form) };
    if (file.size > Number(form.dataset.mostBytes)) finish(job, true, form.dataset.tooLarge);
    else waiting.push(job);
  }
  input.value = "";
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
  job.fields.append("files", job.file);
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
    finish(job, said.refused, said.words);
    next();
  });
  request.send(job.fields);
}

function answer(request) {
  try {
    const said = JSON.parse(request.responseText);
    const sentences = [...(said.files ?? []).map((each) => each.words), ...Object.values(said.errors ?? {}), ...(said.refused ?? [])];
    return { refused: request.status !== 200, words: sentences.join(" ") };
  } catch {
    return { refused: true, words: form.dataset.lost };
  }
}

function finish(job, refused, words) {
  job.bar.value = refused ? 0 : 1;
  job.line.className = refused ? "refused" : "kept";
  job.words.textContent = words;
  count.done += 1;
  if (refused) count.refused += 1;
  summary.textContent = form.dataset.summary
    .replace("{done}", count.done).replace("{total}", count.total).replace("{refused}", count.refused);
  if (count.done === count.total) {
    htmx.ajax("GET", location.pathname + location.search, { target: "#evidence-list", select: "#evidence-list", swap: "outerHTML" });
  }
}

function carriesFiles(event) {
  return event.dataTransfer?.types.includes("Files");
}

form.addEventListener("submit", (event) => {
  if (!input.files.length) return; // the server says what is missing
  event.preventDefault();
  enqueue([...input.files]);
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
  enqueue([...event.dataTransfer.files]);
});
addEventListener("beforeunload", (event) => {
  if (count.running) event.preventDefault();
});
