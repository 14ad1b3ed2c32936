namespace BatchScorer.Sources;

/// <summary>A column of a job's source, as the database's catalogue describes it.</summary>
/// <param name="Name">Its name, unquoted.</param>
/// <param name="SqlType">Its type in SQL, domains resolved, without length or precision, such as <c>numeric</c>.</param>
/// <param name="TypeId">The object identifier of that type in <c>pg_type</c>.</param>
/// <param name="IsEnum">Whether the type is an enumeration, which travels as its label.</param>
/// <param name="NotNull">Whether the catalogue proves that it is never null.</param>
internal sealed record SourceColumn(string Name, string SqlType, uint TypeId, bool IsEnum, bool NotNull)
{
    public WireFamily Family => IsEnum ? WireFamily.Text : WireFamilies.Of(TypeId);
}
