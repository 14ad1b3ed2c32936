using System.IO.Pipelines;
using Npgsql;

namespace BatchScorer.Sources;

/// <summary>
/// Reads a COPY on a thread of its own, a little ahead of whoever takes its bytes. Npgsql gives one row a call, and for each that is read
/// asynchronously it allocates; calls that block allocate nothing.
/// </summary>
internal sealed class ReadAhead : IAsyncDisposable
{
    // About a batch: fewer handovers cost less, more bytes would leave the processor's cache before they are taken.
    private const int BlockBytes = 64 * 1024;

    // A call that blocks cannot be cancelled. Where nothing comes from the server any more, not even that it was cancelled,
    // the thread is left behind; a run that is stopped does not wait for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly NpgsqlRawCopyStream copy;
    private readonly Pipe pipe = new(new PipeOptions(
        minimumSegmentSize: BlockBytes, pauseWriterThreshold: 4 * BlockBytes, resumeWriterThreshold: 2 * BlockBytes, useSynchronizationContext: false));

    // Whoever takes the last bytes may be quicker than the thread is to end: then there is nothing left to cancel.
    private volatile bool isOver;

    /// <summary>Begins to read.</summary>
    /// <param name="copy">From its first byte on; nobody else may use its connection until this is disposed of.</param>
    public ReadAhead(NpgsqlRawCopyStream copy)
    {
        this.copy = copy;
        Bytes = pipe.Reader.AsStream();
        Ended = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What the COPY gives. Reading it fails as the COPY fails.</summary>
    public Stream Bytes { get; }

    /// <summary>Over once the connection may be used for other things.</summary>
    public Task Ended { get; private set; }

    /// <summary>Ends the COPY, by a word to the server where it is not over, and waits for that as long as it makes sense.</summary>
    public async ValueTask DisposeAsync()
    {
        await pipe.Reader.CompleteAsync();
        if (!isOver)
            Ended = Task.WhenAll(Ended, Task.Run(Cancel));
        await Task.WhenAny(Ended, Task.Delay(Patience));
    }

    private void Read()
    {
        Exception? fault = null;
        try
        {
            while (ReadBlock())
            {
            }
        }
        catch (Exception cause)
        {
            // It comes to light where the bytes are taken.
            fault = cause;
        }

        isOver = true;
        pipe.Writer.Complete(fault);
    }

    private bool ReadBlock()
    {
        for (var bytes = 0; bytes < BlockBytes;)
        {
            var read = copy.Read(pipe.Writer.GetSpan());
            if (read == 0)
                return false;
            pipe.Writer.Advance(read);
            bytes += read;
        }

        return !pipe.Writer.FlushAsync().AsTask().GetAwaiter().GetResult().IsCompleted;
    }

    private void Cancel()
    {
        try
        {
            copy.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has failed meanwhile, and is over.
        }
    }
}
