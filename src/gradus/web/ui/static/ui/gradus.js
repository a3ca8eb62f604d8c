// SPDX-License-Identifier: Apache-2.0
// What every page needs: htmx requests carry the CSRF token, answers that refuse (422) or conflict (409) are shown, and a
// page of a dossier that the browser had put by (Back) is fetched anew, for its facts may have changed meanwhile.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf ?? "";
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if ([409, 422].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
addEventListener("pageshow", (event) => {
  if (event.persisted && "fresh" in document.body.dataset) location.reload();
});
