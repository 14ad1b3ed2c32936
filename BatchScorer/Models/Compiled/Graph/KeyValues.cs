using System.Globalization;
using System.Text;

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>What the keys of a column stand for: key 1 is the first value.</summary>
/// <param name="values">An array of the kind of value the keys were made from, or of UTF-8 texts.</param>
internal sealed class KeyValues(Array values)
{
    /// <summary>How many different keys there are.</summary>
    public int Count => Values.Length;

    /// <summary>A typed array, <c>byte[][]</c> for text.</summary>
    public Array Values { get; } = values;

    /// <summary>The values as UTF-8 texts, numbers in the invariant culture.</summary>
    public byte[][] Texts() => Values as byte[][]
        ?? [.. Values.Cast<object>().Select(value => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{value}")))];
}
