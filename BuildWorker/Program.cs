using Platform.BuildWorker.Builds;
using Platform.Core.Jobs;
//RTUSING
using Platform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformStores();
//REALTIME
builder.AddBuilds();

var app = builder.Build();
app.MapDefaultEndpoints();
app.Run();
