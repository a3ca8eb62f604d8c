// SPDX-License-Identifier: Apache-2.0
// Opens at the page the address names, keeps page number and address with what is being read, and turns pages by
// PageUp and PageDown. Without this script the same page works by its links and its form.
const sheets = [...document.querySelectorAll(".sheet")];
const field = document.getElementById("page");
const first = Number(sheets[0].dataset.page);
let current = Number(document.getElementById("sheets").dataset.page);
let settled = NaN; // where the window stood after the last jump

function sheetOf(page) {
  return sheets[page - first];
}

function show(page) {
  current = page;
  field.value = page;
  const url = new URL(location.href);
  url.searchParams.set("page", page);
  history.replaceState(history.state, "", url);
  for (const link of document.querySelectorAll("[data-keeps-page]")) {
    const target = new URL(link.href);
    target.searchParams.set("page", page);
    link.href = target;
  }
}

function goTo(page) {
  const sheet = sheetOf(page);
  if (!sheet) return false;
  sheet.scrollIntoView({ block: "start" });
  sheet.focus({ preventScroll: true });
  settled = scrollY;
  show(page);
  return true;
}

// The page being read is the one that crosses a line a third down the window; after a jump it is the one asked for,
// until the reader scrolls: what was seen on the way comes late, and short pages or the last ones do not reach the line.
const watcher = new IntersectionObserver((entries) => {
  if (Math.abs(scrollY - settled) < 2) return;
  for (const entry of entries) if (entry.isIntersecting) show(Number(entry.target.dataset.page));
}, { rootMargin: "-33% 0px -66% 0px" });

document.getElementById("go").addEventListener("submit", (event) => {
  if (goTo(Number(field.value))) event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  const step = { PageDown: 1, PageUp: -1 }[event.key];
  if (step && !event.ctrlKey && !event.altKey && !event.metaKey && goTo(current + step)) event.preventDefault();
});

history.scrollRestoration = "manual";
addEventListener("load", () => {
  if (current > first) goTo(current);
  for (const sheet of sheets) watcher.observe(sheet);
});
