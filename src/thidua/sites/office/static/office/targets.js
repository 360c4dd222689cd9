// The allocation grid: totals while typing, a column pasted from a spreadsheet, arrows up and down.
document.querySelectorAll("form[data-grid]").forEach((form) => {
  const write = new Intl.NumberFormat(document.documentElement.lang || "vi");
  const cells = (column) => [...form.querySelectorAll(`input[data-column="${column}"]`)];
  const number = (text) => {
    const plain = text.trim().replace(/[\s\u00a0]/g, "");
    const bare = /^\d{1,3}(\.\d{3})+$/.test(plain) ? plain.replaceAll(".", "") : plain.replace(",", ".");
    return bare === "" ? 0 : Number(bare);
  };

  function reconcile(column) {
    const foot = form.querySelector(`[data-sum="${column}"]`);
    const elsewhere = Number(foot.dataset.elsewhere || 0);
    const sum = cells(column).reduce((total, cell) => total + (number(cell.value) || 0), elsewhere);
    const given = form.querySelector(`[data-given="${column}"]`);
    const difference = form.querySelector(`[data-difference="${column}"]`);
    foot.textContent = write.format(sum);
    if (!given.dataset.value) return;
    const left = Number(given.dataset.value) - sum;
    const words = left > 0 ? difference.dataset.left : difference.dataset.over;
    difference.textContent = left === 0 ? difference.dataset.even : `${words} ${write.format(Math.abs(left))}`;
    difference.classList.toggle("is-wrong", left !== 0);
  }

  function mark(cell) {
    const value = number(cell.value);
    const wrong = !(Number.isInteger(value) && value >= 0);
    cell.classList.toggle("is-invalid", wrong);
    cell.toggleAttribute("aria-invalid", wrong);
    reconcile(cell.dataset.column);
  }

  form.addEventListener("input", (event) => {
    if (event.target.dataset.column) mark(event.target);
  });
  form.addEventListener("paste", (event) => {
    const start = event.target;
    const lines = (event.clipboardData.getData("text") || "").replace(/\r/g, "").replace(/\n$/, "").split("\n");
    if (!start.dataset.column || (lines.length < 2 && !lines[0].includes("\t"))) return;
    event.preventDefault();
    const row = cells(start.dataset.column).indexOf(start);
    lines.forEach((line, down) => {
      line.split("\t").forEach((text, right) => {
        const cell = cells(Number(start.dataset.column) + right)[row + down];
        if (!cell) return;
        cell.value = text.trim();
        mark(cell);
      });
    });
    form.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.dataset.column) return;
    const column = cells(event.target.dataset.column);
    const next = column[column.indexOf(event.target) + step];
    if (next) {
      event.preventDefault();
      next.select();
      next.focus();
    }
  });
  // Enter in a cell must give, not press the first button, which fills a column.
  form.addEventListener("keypress", (event) => {
    if (event.key === "Enter" && event.target.dataset.column) event.preventDefault();
  });
  new Set(cellColumns(form)).forEach(reconcile);
});

function cellColumns(form) {
  return [...form.querySelectorAll("input[data-column]")].map((cell) => cell.dataset.column);
}
