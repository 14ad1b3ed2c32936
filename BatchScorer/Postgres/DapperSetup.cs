using System.Runtime.CompilerServices;
using Dapper;

namespace BatchScorer.Postgres;

/// <summary>Columns in snake_case fill properties in PascalCase, everywhere.</summary>
internal static class DapperSetup
{
#pragma warning disable CA2255 // Dapper's setting is one for the process, and must stand before its first query wherever that is.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void MatchNames() => DefaultTypeMap.MatchNamesWithUnderscores = true;
}
