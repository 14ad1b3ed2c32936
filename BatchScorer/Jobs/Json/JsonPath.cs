namespace BatchScorer.Jobs.Json;

/// <summary>Writes and compares paths of properties, such as <c>source.key[0]</c> or <c>inputs["Monthly charges"]</c>.</summary>
internal static class JsonPath
{
    /// <summary>The path of a property of the object at <paramref name="parent"/>.</summary>
    public static string Property(string parent, string name)
    {
        if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$'))
            return $"{parent}[\"{name}\"]";
        return parent.Length == 0 ? name : $"{parent}.{name}";
    }

    /// <summary>The path of an item of the array at <paramref name="parent"/>, counted from 0.</summary>
    public static string Item(string parent, int index) => $"{parent}[{index}]";

    /// <summary>Whether <paramref name="inner"/> is <paramref name="outer"/> or lies within it.</summary>
    public static bool Contains(string outer, string inner) =>
        outer.Length == 0
        || (inner.StartsWith(outer, StringComparison.Ordinal) && (inner.Length == outer.Length || inner[outer.Length] is '.' or '['));
}
