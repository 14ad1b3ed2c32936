using BatchScorer.Batches;

namespace BatchScorer.Predictions;

/// <summary>A column that passes from the source into a job's predictions.</summary>
/// <param name="Name">Its name, in the source and here.</param>
/// <param name="SqlType">Its type in SQL.</param>
internal sealed record PassThroughColumn(string Name, string SqlType);

/// <summary>A column of a job's predictions that the model fills.</summary>
/// <param name="Name">Its name in the predictions table.</param>
/// <param name="Output">The model's name for it.</param>
/// <param name="OutputIndex">Its place among the model's outputs.</param>
/// <param name="Type">Its type in the model.</param>
internal sealed record OutputColumn(string Name, string Output, int OutputIndex, ColumnType Type)
{
    /// <summary>Its type in SQL, or null when no column can hold it.</summary>
    public string? SqlType => Type switch
    {
        { Kind: ValueKind.Single, IsVector: true } => "real[]",
        { Kind: ValueKind.Double, IsVector: true } => "double precision[]",
        { IsVector: true } => null,
        { Kind: ValueKind.Boolean } => "boolean",
        { Kind: ValueKind.SByte or ValueKind.Byte or ValueKind.Int16 } => "smallint",
        { Kind: ValueKind.UInt16 or ValueKind.Int32 } => "integer",
        { Kind: ValueKind.UInt32 or ValueKind.Int64 or ValueKind.Key } => "bigint",
        { Kind: ValueKind.Single } => "real",
        { Kind: ValueKind.Double } => "double precision",
        { Kind: ValueKind.Text } => "text",
        _ => null,
    };
}
