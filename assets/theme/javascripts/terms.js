// The meaning of a term appears below it: for a pointer that rests on it, for a tap, and
// for the keyboard.
{
  const meaning = document.createElement("div")
  meaning.className = "meaning"
  meaning.id = "meaning"
  meaning.role = "tooltip"
  meaning.hidden = true
  document.body.append(meaning)

  const show = (term) => {
    term.dataset.meaning ??= term.title
    term.removeAttribute("title") // or the browser would show it, too
    term.setAttribute("aria-describedby", meaning.id)
    meaning.textContent = term.dataset.meaning
    meaning.hidden = false

    const box = term.getClientRects()[0]
    const room = document.documentElement.clientWidth - meaning.offsetWidth - 8
    const left = Math.max(8, Math.min(box.left, room))
    meaning.style.left = `${left + scrollX}px`
    meaning.style.top = `${box.bottom + scrollY + 4}px`
  }

  const hide = () => {
    meaning.hidden = true
  }

  const isTerm = (target) => target.closest?.("abbr.term")

  for (const come of ["mouseover", "focusin"]) {
    addEventListener(come, ({ target }) => {
      if (isTerm(target)) show(target)
    })
  }
  addEventListener("focusout", ({ target }) => {
    if (isTerm(target)) hide()
  })
  addEventListener("mouseout", ({ target }) => {
    // A pointer that leaves takes nothing from those who came by key or tap.
    if (isTerm(target) && target !== document.activeElement) hide()
  })
  addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide()
  })
}
