# Built from the top of the repository: docker build -t batchscorer .
#
# Run one job:   docker run --rm --read-only --tmpfs /tmp \
#                  -e BATCHSCORER_ConnectionStrings__BatchScorer='Host=db;Database=scores;Username=runner' \
#                  -v ./jobs:/app/jobs:ro batchscorer run churn
#
# The password may come from a mounted file: -e BATCHSCORER_BatchScorer__PasswordFile=/run/secrets/database-password

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# Packages first: this layer stays as long as the project files do.
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY BatchScorer/BatchScorer.csproj BatchScorer/
RUN dotnet restore BatchScorer

COPY appsettings.json ./
COPY jobs jobs
COPY sql sql
COPY BatchScorer BatchScorer
RUN dotnet publish BatchScorer --no-restore -c Release -o /app

# ASP.NET's image, since the Microsoft.Extensions libraries come from its shared framework. It has the time zones.
FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .

# The program writes nothing beside itself; ML.NET unpacks models below /tmp.
ENV DOTNET_EnableDiagnostics=0
USER $APP_UID

# The database is within reach and as it should be; compose and Kubernetes ask a host more.
HEALTHCHECK --interval=1m --timeout=30s --start-period=30s CMD ["./batchscorer", "health"]

STOPSIGNAL SIGTERM
ENTRYPOINT ["./batchscorer"]
CMD ["--help"]
