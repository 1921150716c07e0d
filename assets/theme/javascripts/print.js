// On paper no answer stays folded.
{
  let unfolded = []

  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("article details:not([open])")]
    for (const details of unfolded) details.open = true
  })

  addEventListener("afterprint", () => {
    for (const details of unfolded) details.open = false
  })
}
