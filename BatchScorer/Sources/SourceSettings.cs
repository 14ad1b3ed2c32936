using Dapper;
using Npgsql;

namespace BatchScorer.Sources;

/// <summary>A value that a statement without parameters reads from a setting of its transaction.</summary>
internal readonly record struct SourceSetting(string Name)
{
    /// <summary>The SQL that reads the value as the column's type; stable, so an index on the column serves.</summary>
    public string Reference(SourceColumn column) => As(column.SqlType);

    /// <summary>The SQL that reads the value as this type.</summary>
    public string As(string sqlType) => $"current_setting('{Name}')::{sqlType}";
}

/// <summary>The settings that <see cref="SourceQuery"/> refers to, and how they are set.</summary>
internal static class SourceSettings
{
    public static SourceSetting WindowFrom { get; } = new("batchscorer.window_from");

    public static SourceSetting WindowTo { get; } = new("batchscorer.window_to");

    public static SourceSetting Lookback { get; } = new("batchscorer.lookback");

    public static SourceSetting KeyFrom(int index) => new($"batchscorer.key_from_{index + 1}");

    public static SourceSetting KeyTo(int index) => new($"batchscorer.key_to_{index + 1}");

    /// <summary>Sets what the ranges hold, for the current transaction only.</summary>
    public static async Task ApplyAsync(NpgsqlConnection connection, KeyRange keys, CursorRange window, CancellationToken cancellationToken)
    {
        var values = new List<(string Name, string Value)>();
        if (window.From is not null)
            values.Add((WindowFrom.Name, window.From));
        if (window.To is not null)
            values.Add((WindowTo.Name, window.To));
        if (window.Lookback is not null)
            values.Add((Lookback.Name, window.Lookback));
        values.AddRange((keys.From ?? []).Select((value, i) => (KeyFrom(i).Name, value)));
        values.AddRange((keys.To ?? []).Select((value, i) => (KeyTo(i).Name, value)));
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT set_config(name, value, true) FROM unnest(@names, @values) AS setting (name, value)",
            new { names = values.Select(value => value.Name).ToArray(), values = values.Select(value => value.Value).ToArray() },
            cancellationToken: cancellationToken));
    }
}
