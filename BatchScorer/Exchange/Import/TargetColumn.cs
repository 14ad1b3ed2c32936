namespace BatchScorer.Exchange.Import;

/// <summary>A column of the table that is filled, as the catalogue describes it.</summary>
/// <param name="Name">Its name, unquoted.</param>
/// <param name="SqlType">Its type in SQL with length or precision, such as <c>numeric(8,2)</c>.</param>
/// <param name="TypeId">The identifier in <c>pg_type</c> of the type, domains resolved.</param>
/// <param name="MostCharacters">The length of a <c>varchar</c> or <c>char</c>; null where there is no limit.</param>
/// <param name="IsRequired">Whether every row needs a value: it may not be null.</param>
/// <param name="HasDefault">Whether the database fills it where the file does not.</param>
/// <param name="IsGenerated">Whether the database computes it and takes no value.</param>
internal sealed record TargetColumn(string Name, string SqlType, uint TypeId, int? MostCharacters, bool IsRequired, bool HasDefault, bool IsGenerated);
