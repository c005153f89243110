import pytest

from tests.services.doctor.conftest import Look


@pytest.mark.parametrize("python_path", [":/opt/lib", "/opt/lib:", "/opt/lib::/opt", "lib", "/opt/lib:.", "~/lib"])
def test_code_of_the_folder_that_python_would_run_is_reported(look: Look, python_path: str) -> None:
    assert "python_path_of_folder" in look(PYTHONPATH=python_path)


@pytest.mark.parametrize("python_path", ["", "/opt/lib", "/opt/lib:/opt/more"])
def test_absolute_folders_of_python_are_not_reported(look: Look, python_path: str) -> None:
    assert "python_path_of_folder" not in look(PYTHONPATH=python_path)
