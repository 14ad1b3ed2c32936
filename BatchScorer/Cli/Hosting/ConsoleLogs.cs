using System.Text.Encodings.Web;
using System.Text.Json;
using BatchScorer.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace BatchScorer.Cli.Hosting;

/// <summary>Log lines on standard error, in the form and from the level on that the settings say.</summary>
internal static class ConsoleLogs
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "Logging";

    /// <summary>The level that is set for everything that has none of its own.</summary>
    public const string DefaultLevel = $"{Section}:LogLevel:Default";

    /// <summary>The form of the lines, one of <see cref="Forms"/>.</summary>
    public const string Form = $"{Section}:Console:FormatterName";

    /// <summary>For people, for programs (JSON, a line each), and for journald.</summary>
    public static readonly string[] Forms = [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json, ConsoleFormatterNames.Systemd];

    private const string Timestamp = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";

    /// <summary>Adds them.</summary>
    /// <param name="logging">To what.</param>
    /// <param name="settings">All settings.</param>
    /// <param name="hasColours">Whether lines for people may have colours.</param>
    /// <param name="isService">Whether they are all that is heard of runs. A command tells by itself what becomes of its run.</param>
    public static void Add(ILoggingBuilder logging, IConfiguration settings, bool hasColours, bool isService = false)
    {
        logging.SetMinimumLevel(isService ? LogLevel.Information : LogLevel.Warning);
        if (!isService && settings[DefaultLevel] is not { Length: > 0 })
            logging.AddFilter(typeof(RunLogs).Namespace, LogLevel.None);
        // Whoever is asked for its health tells by itself what is wrong.
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        logging.AddConfiguration(settings.GetSection(Section));
        logging.AddConsole(options =>
        {
            options.LogToStandardErrorThreshold = LogLevel.Trace;
            // Without a name the options of an older form would take the place of those below.
            if (string.IsNullOrEmpty(options.FormatterName))
                options.FormatterName = ConsoleFormatterNames.Simple;
        });
        logging.Services.Configure<SimpleConsoleFormatterOptions>(options =>
        {
            InUtc(options, Timestamp);
            options.SingleLine = true;
            options.ColorBehavior = hasColours ? LoggerColorBehavior.Default : LoggerColorBehavior.Disabled;
        });
        // Its other form is for journald, which has the time already.
        logging.Services.Configure<JsonConsoleFormatterOptions>(options =>
        {
            InUtc(options, Timestamp.TrimEnd());
            // Nobody puts these lines into a page: quotes and umlauts may stay what they are.
            options.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
    }

    private static void InUtc(ConsoleFormatterOptions options, string format) => (options.UseUtcTimestamp, options.TimestampFormat) = (true, format);
}
