"""Side by side: what both languages share stands once, what each says in a pair."""

from lxml import html
from lxml.html import HtmlElement

from weave.site.side_by_side import merge

FORMULA = '<div class="formula"><math><mi>x</mi></math></div>'
CODE = '<div class="language-python highlight"><pre><code>x = 1</code></pre></div>'
PICTURE = '<span class="figure" id="fig-m-c"><img src="c.svg" alt="{0}"></span>'
FIGURE = f"<figure>{PICTURE}<figcaption><p>{{0}}</p></figcaption></figure>"


def _page(zh: str, en: str) -> HtmlElement:
    return html.fromstring(f"<main>{merge(zh, en)}</main>")


def _texts(page: HtmlElement, path: str) -> list[str]:
    return [node.text_content().strip() for node in page.xpath(path)]


def test_paragraphs_pair_off_in_order() -> None:
    page = _page("<p>一</p><p>二</p>", "<p>one</p><p>two</p>")
    pairs = page.xpath("./div[@class='pair']")
    assert [_texts(pair, "./div") for pair in pairs] == [["一", "one"], ["二", "two"]]
    assert page.xpath("./div/div/@lang") == ["zh", "en"] * 2


def test_formulas_and_code_stand_once_and_in_place() -> None:
    page = _page(
        f"<p>一</p>{FORMULA}<p>二</p>{CODE}", f"<p>one</p>{FORMULA}<p>two</p>{CODE}"
    )
    kinds = [node.get("class") for node in page]
    assert kinds == ["pair", "formula", "pair", "language-python highlight"]
    assert len(page.xpath("//math")) == 1


def test_a_heading_keeps_its_id_and_has_both_titles() -> None:
    link = '<a class="headerlink" href="#a">#</a>'
    page = _page(f'<h2 id="a">一{link}</h2>', f'<h2 id="a">One{link}</h2>')
    [heading] = page.xpath("//h2")
    assert heading.get("id") == "a"
    assert _texts(page, "//h2/span[@lang='en']") == ["One"]
    assert heading.text_content() == "一#One"


def test_a_figure_stands_once_with_both_captions() -> None:
    page = _page(FIGURE.format("看"), FIGURE.format("see"))
    assert len(page.xpath("//img")) == 1
    assert _texts(page, "//figcaption/p") == ["看"]
    assert _texts(page, "//figcaption/div[@lang='en']/p") == ["see"]


def test_answers_are_woven_within() -> None:
    answer = '<details class="success"><summary>{}</summary><p>{}</p>{}</details>'
    page = _page(
        answer.format("答案", "一", CODE), answer.format("Answer", "one", CODE)
    )
    assert _texts(page, "//summary") == ["答案 Answer"]
    assert _texts(page, "//details/div[@class='pair']/div") == ["一", "one"]
    assert len(page.xpath("//code")) == 1


START = (
    '<div class="language-python start highlight" data-label="{0}">'
    "<pre><code>x = 1  # {1}</code></pre></div>"
)


def test_starts_pair_off_whatever_their_comments() -> None:
    zh = f"<p>一</p>{START.format('起点', '一')}<p>二</p>"
    en = f"<p>one</p><p>more</p>{START.format('Start', 'one')}<p>two</p>"
    page = _page(zh, en)
    pairs = [_texts(pair, "./div") for pair in page.xpath("./div")]
    starts = ["x = 1  # 一", "x = 1  # one"]
    assert pairs == [["一", "one"], ["more"], starts, ["二", "two"]]


def test_a_start_that_both_share_has_both_labels() -> None:
    page = _page(START.format("起点", "1"), START.format("Start", "1"))
    [start] = page.find_class("start")
    assert start.get("data-label") == "起点 Start"


def test_a_paragraph_that_only_one_language_has_is_kept() -> None:
    page = _page(f"<p>一</p><p>二</p>{FORMULA}", f"<p>one</p>{FORMULA}<p>three</p>")
    assert _texts(page, "//div[@lang='zh']") == ["一", "二"]
    assert _texts(page, "//div[@lang='en']") == ["one", "three"]
    assert len(page.xpath("//math")) == 1


def test_nothing_is_lost_where_shared_blocks_stand_in_another_order() -> None:
    page = _page(f"{FORMULA}<p>一</p>{CODE}", f"{CODE}<p>one</p>{FORMULA}")
    assert page.xpath("//math")
    assert page.xpath("//code")
    assert sorted(_texts(page, "//p")) == ["one", "一"]


def test_the_first_screen_of_the_home_page_is_woven_within() -> None:
    hero = '<div class="hero"><p>{0}</p>' + FIGURE + "</div>"
    page = _page(hero.format("一"), hero.format("one"))
    assert _texts(page, "./div[@class='hero']/div/div") == ["一", "one"]
    assert len(page.xpath("./div[@class='hero']//img")) == 1
