"""The function that is written for torch where a file of Keras fetches another one."""

from __future__ import annotations

GET_FILE = '''
def get_file(fname, origin, file_hash=None):
    """The path of a file, fetched from its address where it is not there yet."""
    path = os.path.join(torch.hub.get_dir(), fname)
    if not os.path.exists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        torch.hub.download_url_to_file(origin, path)
    if file_hash is not None:
        with open(path, "rb") as file:
            digest = hashlib.new("sha256" if len(file_hash) == 64 else "md5", file.read())
        if digest.hexdigest() != file_hash:
            raise ValueError(f"{path} is not the file that is expected: fetch it again")
    return path
'''
