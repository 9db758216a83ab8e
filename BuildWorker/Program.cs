using Platform.BuildWorker.Builds;
using Platform.Core.Realtime;
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformStores();
builder.Services.AddRealtime();
builder.AddBuilds();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
