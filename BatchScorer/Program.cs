Console.Error.WriteLine("BatchScorer scores rows that have accumulated in PostgreSQL.");
