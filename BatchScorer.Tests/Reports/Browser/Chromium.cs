using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BatchScorer.Tests.Reports.Browser;

/// <summary>
/// A headless Chromium, told what to do by its own protocol (chromedevtools.github.io/devtools-protocol). The usual library for that would bring
/// 786 MB along for the few calls that are needed here.
/// </summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly DirectoryInfo profile;
    private readonly ClientWebSocket socket = new();
    private readonly List<JsonNode> events = [];
    private string? session;
    private int calls;

    private Chromium(Process process, DirectoryInfo profile)
    {
        this.process = process;
        this.profile = profile;
    }

    /// <summary>The program; null where there is none.</summary>
    public static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Starts it with one empty page.</summary>
    public static async Task<Chromium> StartAsync(string program)
    {
        var profile = Directory.CreateTempSubdirectory("batchscorer-chromium-");
        var start = new ProcessStartInfo(program) { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--no-first-run", "--hide-scrollbars", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var chromium = new Chromium(Process.Start(start)!, profile);
        chromium.process.BeginErrorReadLine();
        chromium.process.BeginOutputReadLine();
        try
        {
            await chromium.ConnectAsync();
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a page and looks at it.</summary>
    /// <param name="address">A file or what somebody serves.</param>
    /// <param name="width">Of the window, in points.</param>
    /// <param name="dark">Whether the reader's system is dark.</param>
    /// <param name="measure">An expression of JavaScript whose value is asked for.</param>
    public async Task<Sight> LookAsync(Uri address, int width, bool dark, string measure)
    {
        events.Clear();
        await CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = 844, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });
        await CallAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }),
        });
        await CallAsync("Page.navigate", new JsonObject { ["url"] = address.AbsoluteUri });
        while (events.All(found => Method(found) != "Page.loadEventFired"))
            await ReceiveAsync();
        var value = (await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = measure, ["returnByValue"] = true }))["result"]!["value"]!.DeepClone();
        var picture = (await CallAsync("Page.captureScreenshot", new JsonObject { ["captureBeyondViewport"] = true }))["data"]!.GetValue<string>();
        return new Sight(
            [.. events.Where(found => Method(found) == "Network.requestWillBeSent").Select(found => found["params"]!["request"]!["url"]!.GetValue<string>())],
            [.. events.Where(found => Method(found) is "Log.entryAdded" or "Runtime.exceptionThrown" or "Runtime.consoleAPICalled").Select(found => found.ToJsonString())],
            value, Convert.FromBase64String(picture));
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        profile.Delete(recursive: true);
    }

    private static string? Method(JsonNode message) => message["method"]?.GetValue<string>();

    private async Task ConnectAsync()
    {
        var announced = Path.Combine(profile.FullName, "DevToolsActivePort");
        var patience = Stopwatch.StartNew();
        string[] lines;
        while ((lines = File.Exists(announced) ? await File.ReadAllLinesAsync(announced) : []).Length < 2)
        {
            if (process.HasExited || patience.Elapsed > Patience)
                throw new InvalidOperationException("Chromium does not start.");
            await Task.Delay(50);
        }

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{lines[0]}{lines[1]}"), CancellationToken.None);
        var target = (await CallAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" }))["targetId"]!.GetValue<string>();
        session = (await CallAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target, ["flatten"] = true }))["sessionId"]!.GetValue<string>();
        foreach (var domain in new[] { "Page", "Network", "Log", "Runtime" })
            await CallAsync($"{domain}.enable", []);
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject parameters)
    {
        var id = ++calls;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null)
            call["sessionId"] = session;
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(call), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        while (true)
        {
            var message = await ReceiveAsync();
            if (message["id"]?.GetValue<int>() == id)
                return message["result"] ?? throw new InvalidOperationException(message.ToJsonString());
        }
    }

    private async Task<JsonNode> ReceiveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        var node = JsonNode.Parse(message.ToArray())!;
        if (Method(node) is not null)
            events.Add(node);
        return node;
    }
}

/// <summary>What was seen of a page.</summary>
/// <param name="Requests">Everything that was asked for.</param>
/// <param name="Console">Everything that was complained of.</param>
/// <param name="Measured">The value of the expression.</param>
/// <param name="Picture">The whole page as PNG.</param>
internal sealed record Sight(IReadOnlyList<string> Requests, IReadOnlyList<string> Console, JsonNode Measured, byte[] Picture);
