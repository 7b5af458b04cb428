// What the pages do without: drag and drop, and progress. Every form works as plain HTML.
"use strict";
const form = document.getElementById("upload");
if (form && window.XMLHttpRequest && window.FormData) {
  const input = form.querySelector("input[type=file]");
  const bar = form.querySelector("progress");
  const status = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  form.querySelector(".hint").hidden = false;
  for (const kind of ["dragenter", "dragover"]) {
    form.addEventListener(kind, (e) => { e.preventDefault(); form.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    form.addEventListener(kind, () => form.classList.remove("over"));
  }
  form.addEventListener("drop", (e) => {
    e.preventDefault();
    if (e.dataTransfer && e.dataTransfer.files.length) input.files = e.dataTransfer.files;
  });
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    const request = new XMLHttpRequest();
    const ended = () => { button.disabled = false; bar.hidden = true; };
    request.upload.addEventListener("progress", (p) => {
      if (!p.lengthComputable) return;
      const percent = Math.floor(100 * p.loaded / p.total);
      bar.value = percent;
      status.textContent = form.dataset.sending.replace("0", String(percent));
    });
    request.addEventListener("load", () => {
      ended();
      let said = {};
      try { said = JSON.parse(request.responseText); } catch (e) { /* a proxy answered */ }
      if (said.location) { window.location.assign(said.location); return; }
      status.textContent = said.problem || form.dataset.broken;
    });
    for (const kind of ["error", "abort", "timeout"]) {
      request.addEventListener(kind, () => { ended(); status.textContent = form.dataset.broken; });
    }
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    bar.hidden = false;
    button.disabled = true;
    request.send(new FormData(form));
  });
}
