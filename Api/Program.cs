using Platform.Api;
using Platform.Api.Common;
using Platform.Api.Demo;
using Platform.Core.Data;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformStores();
builder.AddPlatformDocuments();
builder.AddPlatformPipeline();
builder.AddPlatformFeatures();

var app = builder.Build();
app.UsePlatformPipeline();
app.MapDefaultEndpoints();
app.MapPlatformFeatures();

await app.MigrateDatabaseAsync();
await app.SeedDemoAsync();
await app.RunAsync();
