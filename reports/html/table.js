// Sorts the rows of a table by a column; totals stay below. Without script the
// table stands as it was made.
document.querySelectorAll("table").forEach((table) => {
  const body = table.tBodies[0];
  if (!body) return;
  const first = Array.from(body.rows);
  const order = new Intl.Collator(document.documentElement.lang);
  const heads = Array.from(table.querySelectorAll("th[aria-sort]"));
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const was = head.getAttribute("aria-sort");
      heads.forEach((h) => h.setAttribute("aria-sort", "none"));
      const now = was === "none" ? "ascending" : was === "ascending" ? "descending" : "none";
      head.setAttribute("aria-sort", now);
      const rows = first.slice();
      if (now !== "none") {
        const key = (row) => {
          const cell = row.cells[column];
          return cell.dataset.value !== undefined ? Number(cell.dataset.value) : cell.matches("th, .stub, .words td") ? cell.textContent : null;
        };
        const sign = now === "ascending" ? 1 : -1;
        rows.sort((x, y) => {
          const a = key(x), b = key(y);
          if (a === null || b === null) return (a === null) - (b === null); // what is not known comes last
          return sign * (typeof a === "number" && typeof b === "number" ? a - b : order.compare(a, b));
        });
      }
      rows.forEach((row) => body.appendChild(row));
    });
  });
});
