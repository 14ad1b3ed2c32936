using System.Security.Cryptography;
using System.Text;

namespace BatchScorer.Postgres.Migrations;

/// <summary>One step of the database's schema: a file <c>NNNN_name.sql</c> that is applied once and never edited afterwards.</summary>
/// <param name="Number">Its place in the order, from 1 on without gaps.</param>
/// <param name="Name">What the file is called after its number.</param>
/// <param name="Sql">Its statements.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>The SHA-256 of its text in hexadecimal; line endings do not count, since Git may change them.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    public override string ToString() => $"{Number:0000}_{Name}";
}
