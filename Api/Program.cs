using Platform.Api.Execution;
using Platform.Core.Data;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformStores();
builder.AddExecution();

var app = builder.Build();
app.UseWebSockets();
app.MapDefaultEndpoints();
app.MapExecution();
app.MapRunCallback();
await app.MigrateDatabaseAsync();
app.Run();
