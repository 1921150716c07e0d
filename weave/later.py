"""The theme's script runs after the first paint: nobody waits for it to read."""

import re

from weave.errors import WeaveError

BUNDLE = re.compile(r'<script src="(?P<url>[^"]*/bundle\.\w+\.min\.js)"></script>')
# The theme's script waits for an event that is long over by then. Each step is a task
# of its own: a finger is heard in between.
LATER = """\
<link rel="preload" as="script" href="{url}">
<script>
requestAnimationFrame(() => setTimeout(() => {{
  const theme = Object.assign(document.createElement("script"), {{ src: "{url}" }})
  const ready = () => document.dispatchEvent(new Event("DOMContentLoaded"))
  theme.onload = () => setTimeout(ready)
  document.body.append(theme)
}}))
</script>"""


def later(html: str) -> str:
    """Return a page whose first paint comes before the theme's script.

    Raises WeaveError if the page has no such script: then the theme has changed.
    """
    page, found = BUNDLE.subn(lambda script: LATER.format(url=script["url"]), html)
    if found != 1:
        raise WeaveError("the theme's script is not where weave/later.py looks for it.")
    return page
