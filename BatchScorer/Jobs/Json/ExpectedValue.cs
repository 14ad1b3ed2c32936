using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using BatchScorer.Postgres;

namespace BatchScorer.Jobs.Json;

/// <summary>What a single value has to be: its type and the rules on it, in words and as a check.</summary>
internal sealed partial class ExpectedValue(JsonTypeInfo type, IReadOnlyList<ValidationAttribute> rules)
{
    private readonly Type valueType = Nullable.GetUnderlyingType(type.Type) ?? type.Type;

    /// <summary>The values of an enumeration as they are written; empty for other types.</summary>
    public IReadOnlyList<string> Choices =>
        valueType.IsEnum ? [.. Enum.GetValues(valueType).Cast<object>().Select(Written)] : [];

    /// <summary>Reads a value.</summary>
    /// <returns>The value, or null where it is not of the type or breaks a rule.</returns>
    /// <exception cref="FormatException">The type itself says what is wrong with its text.</exception>
    public object? Read(JsonTree node)
    {
        if (node.Kind is JsonValueKind.Null || !IsWrittenAs(node))
            return null;
        try
        {
            var value = JsonSerializer.Deserialize(node.Raw.Span, type);
            return rules.All(rule => Allows(rule, value)) ? value : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override string ToString()
    {
        if (rules.FirstOrDefault(rule => rule.ErrorMessage is not null) is { } named)
            return named.ErrorMessage!;
        var range = rules.OfType<RangeAttribute>().FirstOrDefault();
        return Noun() + (range is null ? "" : string.Create(CultureInfo.InvariantCulture, $" from {range.Minimum} to {range.Maximum}"));
    }

    /// <summary>As the rule says, save that a regular expression has its say on empty text too, which the attribute lets pass.</summary>
    private static bool Allows(ValidationAttribute rule, object? value) =>
        rule.IsValid(value) && !(rule is RegularExpressionAttribute && value is "");

    /// <summary>The serializer is more lenient than the schema it exports: with it, All is all, and 00:05 five minutes.</summary>
    private bool IsWrittenAs(JsonTree node) =>
        valueType.IsEnum ? Choices.Contains(node.Text) : !IsTime(node) || Time.IsMatch(node.Text);

    private bool IsTime(JsonTree node) => valueType == typeof(TimeSpan) || (valueType == typeof(Lookback) && node.Kind is JsonValueKind.String);

    [GeneratedRegex(@"^-?(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$", RegexOptions.ECMAScript)]
    private static partial Regex Time { get; }

    private string Written(object choice) => JsonSerializer.SerializeToElement(choice, valueType, type.Options).GetString()!;

    private string Noun()
    {
        if (Choices is [var only])
            return $"\"{only}\"";
        if (valueType.IsEnum)
            return $"\"{string.Join("\", \"", Choices.SkipLast(1))}\" or \"{Choices[^1]}\"";
        if (valueType == typeof(TimeSpan))
            return "a time as \"hours:minutes:seconds\"";
        if (valueType == typeof(QualifiedName))
            return "a table name";
        if (valueType == typeof(bool))
            return "true or false";
        if (valueType == typeof(int))
            return "a whole number";
        return valueType == typeof(double) ? "a number" : "text";
    }
}
