using System.Globalization;

namespace BatchScorer.Wording;

/// <summary>Figures and times as people read them.</summary>
internal static class Readable
{
    /// <summary><c>1,234,567</c></summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>0.93 s</c>, <c>2 m 05 s</c> or <c>3 h 07 m</c>; <c>-</c> for none.</summary>
    public static string Duration(TimeSpan? duration) => duration switch
    {
        null => "-",
        { TotalMinutes: < 1 } time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s"),
        { TotalHours: < 1 } time => $"{time.Minutes} m {time.Seconds:00} s",
        { } time => $"{(int)time.TotalHours} h {time.Minutes:00} m",
    };

    /// <summary>A share from 0 to 1 as <c>1.25 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");

    public static string Duration(long milliseconds) => Duration(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary><c>2026-03-01 02:30:00Z</c>; <c>-</c> for none.</summary>
    public static string Time(DateTime? utc) => utc?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";

    /// <summary><c>2026-03-01</c>; <c>-</c> for none.</summary>
    public static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A value of a cursor as the ledger has it, without a fraction of a second that is nought.</summary>
    public static string CursorValue(string value) => value.Replace(".000000Z", "Z", StringComparison.Ordinal);

    /// <summary><c>812 B</c>, <c>3.4 MB</c>; powers of 1000.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
    };
}
