using System.Net;
using System.Net.Sockets;

namespace BatchScorer.Tests.Postgres;

/// <summary>A network between a process and its server, that can be broken.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly int serverPort;
    private readonly Lock gate = new();
    private readonly List<Link> links = [];
    private readonly Task listening;
    private TaskCompletionSource passing = Done();
    private int mutedPort;
    private long bytesToPass = long.MaxValue;
    private int toEnd;

    public Proxy(int serverPort)
    {
        this.serverPort = serverPort;
        listener.Start();
        listening = ListenAsync();
    }

    /// <summary>Connections that were taken, those among them by which a client cancels a statement.</summary>
    public int Taken { get; private set; }

    /// <summary>Whether it has ended connections in the middle of a message.</summary>
    public bool HasTruncated { get; private set; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Resets every connection there is. New ones are taken.</summary>
    public void Drop()
    {
        lock (gate)
        {
            foreach (var side in links.SelectMany(link => new[] { link.Client, link.Server }).Where(side => side.Connected))
                side.LingerState = new LingerOption(enable: true, seconds: 0);
            links.ForEach(link => link.Close());
            links.Clear();
        }
    }

    /// <summary>Passes nothing on, over connections old and new.</summary>
    public void Stall() => passing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Passes nothing more on from the server over one connection.</summary>
    /// <param name="clientPort">Where the server sees it come from, as in <c>pg_stat_activity</c>.</param>
    public void Mute(int clientPort) => Volatile.Write(ref mutedPort, clientPort);

    /// <summary>Passes on what came meanwhile, and all that comes.</summary>
    public void Resume() => passing.TrySetResult();

    /// <summary>Passes so many more bytes on to the server, and resets every connection then.</summary>
    public void TruncateAfter(int bytes) => Interlocked.Exchange(ref bytesToPass, bytes);

    /// <summary>Takes the next connection, and ends it at the first word.</summary>
    public void EndNext() => Interlocked.Exchange(ref toEnd, 1);

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        Drop();
        Resume();
        await listening;
        listener.Dispose();
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    private async Task ListenAsync()
    {
        while (true)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync();
                var server = new TcpClient { NoDelay = true };
                client.NoDelay = true;
                var link = new Link(client, server);
                lock (gate)
                    links.Add(link);
                Taken++;
                _ = PassAsync(link);
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task PassAsync(Link link)
    {
        try
        {
            if (Interlocked.Exchange(ref toEnd, 0) == 1)
            {
                _ = await link.Client.GetStream().ReadAsync(new byte[1]);
            }
            else
            {
                await link.Server.ConnectAsync(IPAddress.Loopback, serverPort);
                await Task.WhenAny(PassAsync(link.Client.GetStream(), link.Server.GetStream(), toServer: true), PassAsync(link.Server.GetStream(), link.Client.GetStream(), toServer: false));
            }
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The server is away; so is this link.
        }

        lock (gate)
        {
            if (links.Remove(link))
                link.Close();
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, bool toServer)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var count)
            {
                await passing.Task;
                if (!toServer && ((IPEndPoint)from.Socket.LocalEndPoint!).Port == Volatile.Read(ref mutedPort))
                    continue;
                var pass = toServer ? (int)Math.Min(count, Interlocked.Add(ref bytesToPass, -count) + count) : count;
                if (pass > 0)
                    await to.WriteAsync(buffer.AsMemory(0, pass));
                if (pass == count)
                    continue;
                Interlocked.Exchange(ref bytesToPass, long.MaxValue);
                HasTruncated = true;
                Drop();
                return;
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // One side has gone; the other side's end follows.
        }
    }

    private sealed record Link(TcpClient Client, TcpClient Server)
    {
        public void Close()
        {
            Client.Close();
            Server.Close();
        }
    }
}
