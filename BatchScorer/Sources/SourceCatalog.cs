using System.Data;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using Dapper;
using Npgsql;
using Npgsql.Schema;

namespace BatchScorer.Sources;

/// <summary>Asks the database what a job's source looks like.</summary>
internal static class SourceCatalog
{
    // The catalogue may be read where the schema may not be used, which to_regclass would refuse.
    private const string Relation =
        """
        SELECT pg_class.oid, relkind::text AS kind,
               has_schema_privilege(relnamespace, 'USAGE') AND has_table_privilege(pg_class.oid, 'SELECT') AS may_read
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = @schema AND relname = @name AND relkind IN ('r', 'p', 'v', 'm', 'f')
        """;

    // A domain travels as its base type, so that is what counts here. -1 is for no length: NULL would make bpchar, which has none,
    // a character, which has one of 1.
    private const string RelationColumns =
        """
        SELECT attribute.attname AS name, format_type(base.oid, -1) AS sql_type, base.oid AS type_id,
               base.typtype = 'e' AS is_enum, attribute.attnotnull AS not_null
        FROM pg_attribute AS attribute
        CROSS JOIN LATERAL (
            WITH RECURSIVE resolved AS (
                SELECT oid, typtype, typbasetype FROM pg_type WHERE oid = attribute.atttypid
                UNION ALL
                SELECT pg_type.oid, pg_type.typtype, pg_type.typbasetype
                FROM resolved JOIN pg_type ON pg_type.oid = resolved.typbasetype
                WHERE resolved.typtype = 'd'
            )
            SELECT oid, typtype FROM resolved WHERE typtype <> 'd'
        ) AS base
        WHERE attribute.attrelid = @relation AND attribute.attnum > 0 AND NOT attribute.attisdropped
        ORDER BY attribute.attnum
        """;

    private const string UniqueKeys =
        """
        SELECT array_agg(attribute.attname::text)
        FROM pg_index AS index
        CROSS JOIN LATERAL unnest(index.indkey[0:index.indnkeyatts - 1]) AS part (attnum)
        LEFT JOIN pg_attribute AS attribute ON attribute.attrelid = index.indrelid AND attribute.attnum = part.attnum
        WHERE index.indrelid = @relation AND index.indisunique AND index.indisvalid AND index.indimmediate AND index.indpred IS NULL
        GROUP BY index.indexrelid
        HAVING bool_and(attribute.attnum > 0 AND attribute.attnotnull) IS TRUE AND count(*) = count(attribute.attnum)
        """;

    private const string TypesOfColumns =
        """
        SELECT format_type(pg_type.oid, -1) AS sql_type, typtype = 'e' AS is_enum
        FROM unnest(@types) WITH ORDINALITY AS wanted (oid, place)
        JOIN pg_type ON pg_type.oid = wanted.oid::oid
        ORDER BY place
        """;

    private const string AllTables =
        """
        SELECT schemaname || '.' || relname FROM pg_stat_user_tables WHERE schemaname NOT IN ('scoring', 'quartz')
        """;

    /// <summary>Describes the table or view of a job's source.</summary>
    /// <exception cref="BatchScorerException">There is none of this name, or it may not be read.</exception>
    public static Task<SourceDescription> DescribeTableAsync(NpgsqlConnection connection, QualifiedName table, CancellationToken cancellationToken) =>
        DescribeTableAsync(connection, table, "source.table", cancellationToken);

    /// <summary>Describes a table or view that a job names.</summary>
    /// <param name="connection">To its database.</param>
    /// <param name="table">Its name.</param>
    /// <param name="property">The property of the job that names it.</param>
    /// <exception cref="BatchScorerException">There is none of this name, or it may not be read.</exception>
    public static async Task<SourceDescription> DescribeTableAsync(NpgsqlConnection connection, QualifiedName table, string property, CancellationToken cancellationToken)
    {
        var found = await connection.QuerySingleOrDefaultAsync<RelationRow>(new CommandDefinition(
            Relation, new { schema = table.Schema, name = table.Name }, cancellationToken: cancellationToken));
        if (found is null)
        {
            var tables = await connection.QueryAsync<string>(new CommandDefinition(AllTables, cancellationToken: cancellationToken));
            throw new BatchScorerException(ExitCode.BadConfiguration,
                $"The database has no table {table.Schema}.{table.Name}{Suggestion.For($"{table.Schema}.{table.Name}", tables)}: correct {property}, or create the table.");
        }

        if (!found.MayRead)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration,
                $"The database user may not read {table.Schema}.{table.Name}: run `GRANT USAGE ON SCHEMA {SqlIdentifier.Quote(table.Schema)} TO …` "
                + $"and `GRANT SELECT ON {table} TO …` as their owner.");
        }

        var relation = new { relation = (long)found.Oid };
        var columns = await connection.QueryAsync<ColumnRow>(new CommandDefinition(RelationColumns, relation, cancellationToken: cancellationToken));
        var unique = await connection.QueryAsync<string[]>(new CommandDefinition(UniqueKeys, relation, cancellationToken: cancellationToken));
        return new SourceDescription(
            $"table {table.Schema}.{table.Name}",
            SqlIdentifier.Quote(table.Schema, table.Name),
            [.. columns.Select(column => new SourceColumn(column.Name, column.SqlType, column.TypeId, column.IsEnum, column.NotNull))],
            [.. unique.Select(names => names.ToHashSet())],
            IsTable: found.Kind is "r" or "p" or "m");
    }

    /// <summary>Describes the result of a query.</summary>
    /// <param name="connection">To the source's database.</param>
    /// <param name="name">The query's file name.</param>
    /// <param name="query">One SELECT, without a semicolon at its end.</param>
    /// <exception cref="BatchScorerException">The database refuses the query.</exception>
    public static Task<SourceDescription> DescribeQueryAsync(NpgsqlConnection connection, string name, string query, CancellationToken cancellationToken) =>
        DescribeQueryAsync(connection, name, query, place: "the file in sql/sources/", cancellationToken);

    /// <inheritdoc cref="DescribeQueryAsync(NpgsqlConnection, string, string, CancellationToken)"/>
    /// <param name="connection">To the source's database.</param>
    /// <param name="name">What messages call the query.</param>
    /// <param name="query">One SELECT, without a semicolon at its end.</param>
    /// <param name="place">Where it is to be corrected.</param>
    public static async Task<SourceDescription> DescribeQueryAsync(NpgsqlConnection connection, string name, string query, string place, CancellationToken cancellationToken)
    {
        var relation = $"(\n{query}\n) AS source";
        var columns = new List<(string Name, uint TypeId)>();
        try
        {
            // With a numbered parameter the text goes to the server as it is, which then takes one statement only.
            await using var command = new NpgsqlCommand($"SELECT * FROM {relation} LIMIT $1", connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = 0 } } };
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);
            foreach (var column in await reader.GetColumnSchemaAsync(cancellationToken))
                columns.Add((column.ColumnName, ((NpgsqlDbColumn)column).TypeOID));
        }
        catch (PostgresException refused)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, $"The database refuses query {name}: {refused.MessageText}. Correct {place}.", refused);
        }

        if (columns.GroupBy(column => column.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration,
                $"Query {name} has {twice.Count()} columns \"{twice.Key}\": expected each name once. Rename one with AS in {place}.");
        }

        var types = await connection.QueryAsync<TypeRow>(new CommandDefinition(
            TypesOfColumns, new { types = columns.Select(column => (long)column.TypeId).ToArray() }, cancellationToken: cancellationToken));
        return new SourceDescription(
            $"query {name}",
            relation,
            [.. columns.Zip(types, (column, type) => new SourceColumn(column.Name, type.SqlType, column.TypeId, type.IsEnum, NotNull: false))],
            UniqueKeys: [],
            IsTable: false);
    }

    private sealed record RelationRow(uint Oid, string Kind, bool MayRead);

    private sealed record ColumnRow(string Name, string SqlType, uint TypeId, bool IsEnum, bool NotNull);

    private sealed record TypeRow(string SqlType, bool IsEnum);
}
