using System.Reflection;
using System.Runtime.InteropServices;
using BatchScorer.Models;

namespace BatchScorer.Tests.Models.MLNet;

/// <summary>What FastTree needs to train: its package, and on x64 the library in it.</summary>
internal static class FastTreeLibrary
{
    /// <summary>Leaves a test out where it is not there.</summary>
    public static void Require()
    {
        if (!MLNetTraining.IsBuiltIn)
            Assert.Ignore("This build cannot train: its package feed had no Microsoft.ML, or the property MLNet was false.");
        if (RuntimeInformation.ProcessArchitecture is not Architecture.X64)
            return;
        if (NativeLibrary.TryLoad("FastTreeNative", Assembly.Load("Microsoft.ML.FastTree"), searchPath: null, out var library))
            NativeLibrary.Free(library);
        else
            Assert.Ignore("This build cannot train: its Microsoft.ML comes without the library FastTreeNative, which ML.NET's own packages have.");
    }
}
