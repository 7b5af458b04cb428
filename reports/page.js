
// Sorting is all that this script does; the page reads whole without it.
"use strict";
const body = document.querySelector("tbody");
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
