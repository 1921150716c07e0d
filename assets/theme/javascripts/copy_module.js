// An excerpt offers its whole module to the clipboard. From a folder nothing can be
// fetched.
{
  // In the page's language, from mkdocs.yml by way of assets/theme/main.html.
  const words = JSON.parse(document.getElementById("words").textContent)
  const lines = document.querySelectorAll(".module")

  for (const line of location.protocol === "file:" ? [] : lines) {
    const download = line.querySelector(".download")
    const button = document.createElement("button")
    button.textContent = words.copy
    button.addEventListener("click", async () => {
      const file = await fetch(download.href)
      await navigator.clipboard.writeText(await file.text())
      button.textContent = words.copied
      setTimeout(() => {
        button.textContent = words.copy
      }, 2000)
    })
    download.after(" ", button)
  }
}
