// SPDX-License-Identifier: Apache-2.0
// The verification page under the hands of a visitor: a chosen file is checked here, and so is the code of a paper.
// Everything that it needs stands in the page; it asks nobody.
import { asked, check, sorted } from "./check.js";
import { checkCompact } from "./compact.js";
import { Voice, onlyStatusUnknown, stepView, viewOf } from "./view.js";

const carried = JSON.parse(document.getElementById("carried").textContent);
const voice = new Voice(carried.sentences, carried.language);
const form = document.getElementById("by-file");
const working = document.getElementById("working");
const answer = document.getElementById("answer");
const canCompute = Boolean(globalThis.crypto?.subtle);

/** Lets the page be drawn between two steps. */
const breath = () => new Promise(done => setTimeout(done));

/** Puts a view into a copy of the page's own markup: data-fill is a text, data-each one child for each item. */
function fill(node, view) {
  const outer = list => !list.parentElement?.closest("[data-each]");
  const lists = [...node.querySelectorAll("[data-each]")].filter(outer).map(list => [list, list.firstElementChild]);
  for (const [list] of lists) list.replaceChildren(); // what is left to fill is not of an item
  for (const each of node.querySelectorAll("[data-fill]")) each.textContent = view[each.dataset.fill];
  (node.dataset?.state === undefined ? node.querySelector("[data-state]") : node)?.classList.add(view.state);
  for (const [list, one] of lists) {
    list.append(...view[list.dataset.each].map(item => filled(one.cloneNode(true), item)));
  }
  return node;
}

function filled(node, item) {
  if (typeof item === "string") node.textContent = item;
  else if (Array.isArray(item)) item.forEach((each, at) => (node.children[at].textContent = each));
  else fill(node, item);
  return node;
}

function say(code, blanks = {}) {
  working.textContent = code ? voice.words(code, blanks) : "";
  working.className = code ? "said" : "";
}

/** The way to what the register's records say of a certificate, on the day asked about. */
function inRegister(number, day) {
  const [line, link] = ["p", "a"].map(each => document.createElement(each));
  link.href = carried.entry.replace("-", encodeURIComponent(number)) + (day ? `?on=${day}` : "");
  link.textContent = voice.words("verify_page.in_register");
  line.append(link);
  return line;
}

async function checkChosen() {
  const input = form.elements.file;
  answer.replaceChildren();
  if (!input.files.length) return say("");
  if (!canCompute) return say("verify_page.no_crypto");
  say("verify_page.working");
  const given = [];
  for (const each of input.files) given.push({ name: each.name, data: new Uint8Array(await each.arrayBuffer()) });
  if (given.reduce((sum, each) => sum + each.data.length, 0) > carried.most) {
    return say("verify_page.too_large", { limit: String(carried.most / 2 ** 20) });
  }
  const files = sorted(given);
  if (files.wrong) return say(files.wrong);
  const now = Math.floor(Date.now() / 1000) * 1000;
  const { day, at, toCome } = asked(form.elements.on.value, now);
  const found = await check(files, carried, at, now, async step => {
    working.textContent = `${voice.words("verify_page.working")} ${step.id} ${stepView(step, voice).title}`;
    await breath();
  });
  const view = viewOf(found, voice, day, toCome);
  say(onlyStatusUnknown(found.steps) && day && !toCome ? "verify_page.ask_server" : "");
  answer.replaceChildren(fill(document.getElementById("result").content.cloneNode(true), view));
  if (found.statement) answer.append(inRegister(found.statement.number, day));
  answer.querySelector("h2").focus();
  // This result is gone when another page is opened: whoever changes the language is told so there.
  for (const each of document.querySelectorAll("header input[name=next]")) each.value = carried.again + (day ? `&on=${day}` : "");
}

/** What the code on the paper signs stands behind # of the address. */
async function checkCode() {
  const text = location.hash.slice(1);
  if (!text.includes("~") || !canCompute) return;
  const { state, said, compact } = await checkCompact(text, document.getElementById("number").value, carried);
  const blanks = { ...compact, issuer: carried.bundle?.issuer.name[carried.language] };
  const place = document.getElementById("code");
  const line = place.querySelector("p");
  line.textContent = state === "passed" ? voice.words("verify_page.code.passed", blanks) : said.map(each => voice.sentence(each)).join(" ");
  line.classList.toggle("error", state !== "passed");
  place.hidden = false;
}

let queue = Promise.resolve();
const next = () => (queue = queue.then(checkChosen).catch(() => say("verify_page.not_able")));
form.elements.file.addEventListener("change", next);
form.elements.on.addEventListener("change", () => form.elements.file.files.length && next());
document.getElementById("here-first").hidden = !canCompute;
checkCode().catch(() => say("verify_page.not_able"));
