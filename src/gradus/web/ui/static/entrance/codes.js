// SPDX-License-Identifier: Apache-2.0
// Recovery codes are shown once: print them, or keep them in a file that never leaves this browser.
const codes = document.getElementById("codes");
const download = document.getElementById("download-codes");
const print = document.getElementById("print-codes");
if (codes) {
  download.hidden = print.hidden = false;
  print.addEventListener("click", () => window.print());
  download.addEventListener("click", () => {
    const text = [...codes.querySelectorAll("code")].map((code) => code.textContent).join("\n") + "\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = download.dataset.name;
    link.click();
    URL.revokeObjectURL(link.href);
  });
}
