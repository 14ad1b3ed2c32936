using Microsoft.AspNetCore.Routing;

namespace BatchScorer.Health;

/// <summary>What else is answered where health is.</summary>
internal interface IServedPages
{
    /// <summary>Adds the routes.</summary>
    void Map(IEndpointRouteBuilder routes);
}
