// SPDX-License-Identifier: Apache-2.0
// Signing tells where the device is, when it knows and its holder allows it; without, the signing goes as it is.
for (const form of document.querySelectorAll("form[data-sign]")) {
  const told = form.querySelector("[data-position]");
  form.addEventListener("submit", (event) => {
    if (form.dataset.asked || !navigator.geolocation) return;
    event.preventDefault();
    form.dataset.asked = "yes";
    told.textContent = told.dataset.asked;
    const send = (words) => {
      told.textContent = words;
      form.submit();
    };
    navigator.geolocation.getCurrentPosition(
      (found) => {
        form.elements.north.value = found.coords.latitude.toFixed(6);
        form.elements.east.value = found.coords.longitude.toFixed(6);
        send(told.dataset.known);
      },
      () => send(told.dataset.unknown),
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
}
