//! Debian's nginx, configured as docs/OPERATING.md tells it, word by word.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::authority::PrivateAuthority;
use super::ports::free_ports;
use super::process::{PATIENCE, Running};

/// Where an nginx is going to be: its address has to be known before what stands behind it starts.
pub(crate) struct Site {
    /// Of https and plain HTTP, and two for the lines about `[::]`, which a machine without IPv6 could not have.
    first_port: u16,
}

pub(crate) struct Nginx {
    _process: Running,
    _folder: TempDir,
}

impl Site {
    pub(crate) fn reserve() -> Self {
        Self { first_port: free_ports(4) }
    }

    pub(crate) fn https(&self) -> String {
        format!("https://localhost:{}", self.first_port)
    }

    pub(crate) fn plain(&self) -> String {
        format!("http://localhost:{}", self.first_port + 1)
    }

    /// Starts it in front of a server at this port.
    pub(crate) async fn serve(&self, behind: u16, authority: &PrivateAuthority) -> Nginx {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = authority.certify("localhost").written_to(folder.path());
        let mut site = recipe();
        let mut set = |documented: &str, here: &str| {
            assert!(site.contains(documented), "the recipe has no {documented}");
            site = site.replace(documented, here);
        };
        set("/etc/letsencrypt/live/id.example.org/fullchain.pem", &certificate);
        set("/etc/letsencrypt/live/id.example.org/privkey.pem", &key);
        set("/var/log/nginx/iok-id.error.log", &folder.path().join("error.log").display().to_string());
        set("https://id.example.org", &self.https());
        set("id.example.org", "localhost");
        set("listen [::]:443", &format!("listen 127.0.0.1:{}", self.first_port + 2));
        set("listen [::]:80", &format!("listen 127.0.0.1:{}", self.first_port + 3));
        set("listen 443", &format!("listen 127.0.0.1:{}", self.first_port));
        set("listen 80", &format!("listen 127.0.0.1:{}", self.first_port + 1));
        set("http://127.0.0.1:8080", &format!("http://127.0.0.1:{behind}"));
        let config = folder.path().join("nginx.conf");
        std::fs::write(&config, whole(folder.path(), &site)).unwrap();
        let mut process =
            Running::start(Command::new(program()).arg("-e").arg("stderr").arg("-c").arg(&config));
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.first_port)).await.is_err() {
            process.still_runs();
            assert!(began.elapsed() < PATIENCE, "nginx does not listen: {}", process.stderr());
            sleep(std::time::Duration::from_millis(20)).await;
        }
        Nginx { _process: process, _folder: folder }
    }
}

/// Debian has it where only root looks.
fn program() -> &'static str {
    if Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" }
}

/// The one block of nginx's language in the document.
fn recipe() -> String {
    let document =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/OPERATING.md")).unwrap();
    let (_, after) = document.split_once("```nginx\n").expect("a recipe");
    after.split_once("```").expect("its end").0.to_owned()
}

/// What Debian's nginx.conf has around its sites, with this test's folder instead of the system's.
fn whole(folder: &Path, site: &str) -> String {
    let folder = folder.display();
    format!(
        "user root; daemon off; master_process off; pid {folder}/nginx.pid; worker_processes 1;\n\
         error_log stderr;\n\
         events {{ worker_connections 256; }}\n\
         http {{\n\
         client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;\n\
         uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;\n\
         sendfile on; tcp_nopush on; gzip on;\n\
         {site}\n}}\n"
    )
}
