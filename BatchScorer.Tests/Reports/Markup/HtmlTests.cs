using BatchScorer.Reports.Markup;

namespace BatchScorer.Tests.Reports.Markup;

internal sealed class HtmlTests
{
    [TestCase("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [TestCase("\" onload='x'", "&quot; onload=&#39;x&#39;")]
    [TestCase("a & b", "a &amp; b")]
    [TestCase("&lt;", "&amp;lt;")]
    [TestCase(null, "")]
    public void A_text_in_a_hole_is_encoded(string? text, string expected) =>
        Assert.That(Html.Of($"<p title=\"{text}\">{text}</p>").ToString(), Is.EqualTo($"<p title=\"{expected}\">{expected}</p>"));

    [Test]
    public void A_piece_of_html_in_a_hole_stays_as_it_is_and_is_not_encoded_twice()
    {
        var inner = Html.Of($"<b>{"1 < 2"}</b>");

        Assert.That(Html.Of($"<p>{inner}{new[] { inner, inner }}{default(Html)}</p>").ToString(), Is.EqualTo("<p><b>1 &lt; 2</b><b>1 &lt; 2</b><b>1 &lt; 2</b></p>"));
    }

    [Test]
    public void Characters_that_cannot_be_seen_or_turn_the_text_around_are_shown_as_such() =>
        Assert.That(Html.Of($"{"a\u0001b\u202Ec\u2066d\re\tf\ng"}").ToString(), Is.EqualTo("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\tf\ng"));

    [Test]
    public void Numbers_are_written_as_styles_and_figures_want_them() =>
        Assert.That(Html.Of($"{1234567L} {0.12345} {100.0} {1e-9}").ToString(), Is.EqualTo("1234567 0.123 100 0"));

    [Test]
    public void A_page_encodes_its_title_loads_nothing_and_runs_nothing()
    {
        var page = new Page { Title = "</title><script>", Body = Html.Of($"<p>body</p>") }.ToString();

        Assert.That(page, Does.StartWith("<!DOCTYPE html>").And.Contain("<title>&lt;/title&gt;&lt;script&gt;</title>").And.Contain("default-src &#39;none&#39;")
            .And.Not.Contain("<script").And.Not.Contain("http-equiv=\"refresh\""));
        Assert.That(page, Does.Not.Match("(src|href)=\"(?!data:)"));
    }

    [Test]
    public void A_table_has_headers_and_tells_narrow_screens_what_a_cell_is()
    {
        var table = new Table("Fruit", "name", "count>");
        table.Add(Html.Of($"<{"apple"}>"), Html.Of($"{3L}"));

        Assert.That(table.ToHtml().ToString(), Does.Contain("<caption>Fruit</caption>")
            .And.Contain("<th role=\"columnheader\" scope=\"col\">name</th><th role=\"columnheader\" scope=\"col\" class=\"figure\">count</th>")
            .And.Contain("<td role=\"cell\" data-column=\"count\" class=\"figure\"><span>3</span></td>"));
    }
}
