using System.ComponentModel.DataAnnotations;
using System.Text;
using BatchScorer.Postgres;

namespace BatchScorer.Jobs.Json;

/// <summary>
/// Says that a text, or each text in a list or object, names a column: taken literally, capitals included, without quotes around it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ColumnNameAttribute : ValidationAttribute
{
    public ColumnNameAttribute() => ErrorMessage = $"a column name of 1 to {SqlIdentifier.MaxBytes} bytes";

    /// <summary>Whether an object's property names are the column names, instead of its values.</summary>
    public bool OfKeys { get; init; }

    public override bool IsValid(object? value) =>
        value is string { Length: > 0 } name
        && !name.Contains('\0', StringComparison.Ordinal)
        && Encoding.UTF8.GetByteCount(name) <= SqlIdentifier.MaxBytes;
}
