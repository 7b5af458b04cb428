
// Sorts, and makes a wide table fit paper; the page reads whole without it.
"use strict";
const table = document.querySelector("table"), body = table.tBodies[0];
const given = [...body.rows];
const heads = [...document.querySelectorAll("th[data-sortable]")];
const words = new Intl.Collator(document.documentElement.lang, { numeric: true });

const text = cell => cell.querySelector(".label, abbr").textContent;

function compare(a, b, direction) {
  const x = a.dataset.sort, y = b.dataset.sort;
  if (x !== undefined && y !== undefined) return direction * (Number(x) - Number(y));
  if (x !== undefined || y !== undefined) return x === undefined ? 1 : -1; // no figure: always last
  return direction * words.compare(text(a), text(b));
}

function sort(head, column) {
  const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort")];
  for (const h of heads) h.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", next);
  const direction = next === "descending" ? -1 : 1;
  const rows = next === "none" ? given : [...given].sort((a, b) => compare(a.cells[column], b.cells[column], direction));
  body.append(...rows);
}

heads.forEach((head, n) => {
  const label = head.querySelector(".label");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label.textContent;
  button.setAttribute("aria-describedby", "sort-hint");
  label.replaceWith(button);
  head.setAttribute("aria-sort", "none");
  button.addEventListener("click", () => sort(head, n));
});
if (heads.length > 0) document.getElementById("sort-hint").hidden = false;

// What a printer finds beyond the edge of the page it cuts off.
addEventListener("beforeprint", () => {
  Object.assign(table.style, { width: "min-content", fontSize: "9pt" });
  const zoom = Math.min(1, 680 / table.offsetWidth); // A4 between its margins
  Object.assign(table.style, { zoom, width: "", fontSize: "" });
});
addEventListener("afterprint", () => { table.style.zoom = ""; });
