using System.Globalization;

namespace BatchScorer.Benchmarks.Metering;

/// <summary>The processes of a PostgreSQL server on this machine, as Linux shows them under <c>/proc</c>.</summary>
/// <param name="postmaster">The process whose children the others are.</param>
internal sealed class ServerProcesses(int postmaster)
{
    private const double TicksPerSecond = 100; // USER_HZ, which is 100 on every architecture that .NET runs on

    /// <summary>Finds those of a server by the data folder in which it keeps its process's number.</summary>
    public static ServerProcesses Of(string dataFolder) =>
        new(int.Parse(File.ReadLines(Path.Combine(dataFolder, "postmaster.pid")).First(), CultureInfo.InvariantCulture));

    /// <summary>Processor time so far, of those too that have ended. Zero where there is no <c>/proc</c>.</summary>
    public TimeSpan ProcessorTime()
    {
        if (!Directory.Exists("/proc"))
            return TimeSpan.Zero;
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var process) && Fields(process) is { } fields)
                ticks += process == postmaster ? Sum(fields, 4) : int.Parse(fields[1], CultureInfo.InvariantCulture) == postmaster ? Sum(fields, 2) : 0;
        }

        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    // utime, stime, and then those of the children that were waited for: fields 14 to 17 of proc(5), the 12th to 15th behind the name.
    private static long Sum(string[] fields, int count) => fields.Skip(11).Take(count).Sum(field => long.Parse(field, CultureInfo.InvariantCulture));

    /// <summary>The fields from the state on; null when the process has ended.</summary>
    private static string[]? Fields(int process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process}/stat");
            // The name before is in parentheses and may hold anything.
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
