// The greeting leads on to the reading mode that was chosen last, but not those who come
// back to it from another page of the notes.
{
  const mode = localStorage.getItem("mode")
  const door = document.querySelector(`.doors [data-mode="${mode}"]`)
  const comesBack = document.referrer.startsWith(location.origin)
  if (door && !comesBack) location.replace(door.href)
}
