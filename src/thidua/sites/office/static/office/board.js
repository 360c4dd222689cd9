// The board on the wall looks again by itself; whoever reads it slowly can stop that.
document.querySelectorAll("[data-renew]").forEach((place) => {
  const button = place.querySelector("[data-renew-pause]");
  let isPaused = false;
  button.hidden = false;
  button.addEventListener("click", () => {
    isPaused = !isPaused;
    button.setAttribute("aria-pressed", String(isPaused));
  });
  setInterval(() => {
    if (!isPaused && navigator.onLine) window.location.reload();
  }, Number(place.dataset.renew) * 1000);
});
