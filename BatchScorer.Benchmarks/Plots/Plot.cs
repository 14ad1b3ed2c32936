using System.Globalization;
using System.Xml.Linq;

namespace BatchScorer.Benchmarks.Plots;

/// <summary>Lines over two axes, as an SVG file whose colours can be read on a light ground and on a dark one.</summary>
/// <param name="title">Stands above.</param>
/// <param name="across">The axis from left to right.</param>
/// <param name="up">The axis from bottom to top.</param>
/// <param name="series">The lines, as many as there are colours at most.</param>
internal sealed class Plot(string title, PlotAxis across, PlotAxis up, IReadOnlyList<PlotSeries> series)
{
    private const int Width = 720;
    private const int Height = 360;
    private const int Left = 56;
    private const int Right = 24;
    private const int Top = 64;
    private const int Bottom = 32;
    private const string Ink = "#767676";

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly string[] Colours = ["#767676", "#1f77d0", "#c2570c"];

    public override string ToString() => new XElement(Svg + "svg",
        new XAttribute("viewBox", $"0 0 {Width} {Height}"), new XAttribute("width", Width), new XAttribute("height", Height),
        new XAttribute("role", "img"), new XAttribute("font-family", "system-ui, sans-serif"), new XAttribute("font-size", 12), new XAttribute("fill", Ink),
        new XElement(Svg + "title", title),
        Text(title, Left, 20, "start"),
        up.Ticks.Select(tick => Rule(tick)),
        across.Ticks.Select(tick => Text(Label(tick), X(tick), Height - Bottom + 20, "middle")),
        series.Select((line, i) => Line(line, Colours[i], Left + i * 120))).ToString() + "\n";

    /// <summary>A number as it stands at an axis.</summary>
    public static string Label(double number) => number switch
    {
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e6:0.##}M"),
        >= 1e4 => string.Create(CultureInfo.InvariantCulture, $"{number / 1e3:0.##}k"),
        _ => number.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private IEnumerable<XElement> Rule(double tick) =>
    [
        new XElement(Svg + "line",
            new XAttribute("x1", Left), new XAttribute("x2", Width - Right), Number("y1", Y(tick)), Number("y2", Y(tick)),
            new XAttribute("stroke", Ink), new XAttribute("stroke-opacity", "0.3")),
        Text(Label(tick), Left - 8, Y(tick) + 4, "end"),
    ];

    private IEnumerable<XElement> Line(PlotSeries line, string colour, double legend) =>
    [
        new XElement(Svg + "polyline",
            new XAttribute("points", string.Join(' ', line.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(point.Y):0.#}")))),
            new XAttribute("fill", "none"), new XAttribute("stroke", colour), new XAttribute("stroke-width", 2)),
        .. line.Points.Select(point => new XElement(Svg + "circle", Number("cx", X(point.X)), Number("cy", Y(point.Y)), new XAttribute("r", 3), new XAttribute("fill", colour))),
        new XElement(Svg + "circle", Number("cx", legend + 4), new XAttribute("cy", 38), new XAttribute("r", 4), new XAttribute("fill", colour)),
        Text(line.Name, legend + 14, 42, "start"),
    ];

    private static XElement Text(string text, double x, double y, string anchor) =>
        new(Svg + "text", Number("x", x), Number("y", y), new XAttribute("text-anchor", anchor), text);

    private static XAttribute Number(string name, double value) => new(name, value.ToString("0.#", CultureInfo.InvariantCulture));

    private double X(double value) => Left + across.Position(value) * (Width - Left - Right);

    private double Y(double value) => Height - Bottom - up.Position(value) * (Height - Top - Bottom);
}
