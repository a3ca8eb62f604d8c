// SPDX-License-Identifier: Apache-2.0
// A site's position, taken from the device of whoever is there and allows it.
for (const where of document.querySelectorAll(".where")) {
  const [field, button, told] = ["input", "button", "[role=status]"].map((each) => where.querySelector(each));
  button.hidden = !navigator.geolocation;
  button.addEventListener("click", () => {
    told.textContent = where.dataset.asked;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        field.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
        told.textContent = where.dataset.known;
      },
      () => {
        told.textContent = where.dataset.unknown;
      },
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });
}
