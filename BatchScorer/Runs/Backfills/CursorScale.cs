using System.Globalization;
using BatchScorer.Errors;
using BatchScorer.Sources;

namespace BatchScorer.Runs.Backfills;

/// <summary>
/// The values of a job's cursor as whole numbers, so that windows can be counted and cut: an integer's own, or microseconds since 1970 in
/// UTC, which is the resolution of PostgreSQL's timestamps.
/// </summary>
/// <param name="IsTime">Whether the cursor is a timestamp.</param>
/// <param name="Least">The least value of the column's type.</param>
/// <param name="Greatest">The greatest.</param>
internal sealed record CursorScale(bool IsTime, long Least, long Greatest)
{
    // The width is fixed, so that the order of the texts is the order of time.
    private const string Instant = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    public static readonly string[] Instants = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFK"];

    public static CursorScale Of(SourceColumn cursor) => cursor.SqlType switch
    {
        "smallint" => new(false, short.MinValue, short.MaxValue),
        "integer" => new(false, int.MinValue, int.MaxValue),
        "bigint" => new(false, long.MinValue, long.MaxValue),
        _ => new(true, Position(DateTimeOffset.MinValue), Position(DateTimeOffset.MaxValue)),
    };

    /// <summary>Reads a value of the cursor.</summary>
    /// <param name="text">A date or an ISO 8601 instant, in UTC where it has no offset; or a whole number.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="BatchScorerException">It is neither.</exception>
    public long Parse(string text, string name)
    {
        if (!IsTime)
            return ParseNumber(text, name, Least);
        return DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? Position(instant)
            : throw Refuse(text, name, "a date or an ISO 8601 instant such as 2026-03-01 or 2026-03-01T02:30:00+01:00 (UTC where no offset is given), since the job's cursor is a timestamp");
    }

    /// <summary>Reads the length of a window.</summary>
    /// <inheritdoc cref="Parse"/>
    public long ParseLength(string text, string name)
    {
        if (!IsTime)
            return ParseNumber(text, name, 1);
        return text.Contains(':') && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var length) && length.Ticks >= TimeSpan.TicksPerSecond
            ? length.Ticks / TimeSpan.TicksPerMicrosecond
            : throw Refuse(text, name, "a time of at least a second such as 06:00:00, or 1.00:00:00 for a day, since the job's cursor is a timestamp");
    }

    /// <summary>The text by which the ledger knows a value.</summary>
    public string Format(long position) => IsTime
        ? (DateTime.UnixEpoch + TimeSpan.FromMicroseconds(position)).ToString(Instant, CultureInfo.InvariantCulture)
        : position.ToString(CultureInfo.InvariantCulture);

    public string FormatLength(long length) => IsTime
        ? TimeSpan.FromMicroseconds(length).ToString("c", CultureInfo.InvariantCulture)
        : length.ToString(CultureInfo.InvariantCulture);

    private static long Position(DateTimeOffset instant) => (instant.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    private long ParseNumber(string text, string name, long least) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= Greatest
            ? number
            : throw Refuse(text, name, $"a whole number from {least} to {Greatest}, since the job's cursor is an integer");

    private static BatchScorerException Refuse(string text, string name, string expected) => new(ExitCode.Usage, $"{name} is \"{text}\", expected {expected}.");
}
